export type { PeerChannel } from './channel.ts';
export { dialPeer, type PeerAddress, parsePeerAddress } from './dial-peer.ts';
export { listenForPeers, type PeerListener } from './listen-for-peers.ts';
