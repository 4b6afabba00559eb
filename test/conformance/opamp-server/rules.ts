/** How binding a rule is: the specification's MUST, SHOULD and MAY, what deployed clients need, our own policy. */
export type Level = 'M' | 'S' | 'Y' | 'I' | 'P';

/** One rule of the protocol for servers. */
export interface Rule {
  readonly id: string;
  readonly level: Level;
  readonly rule: string;
}

/** A rule that is not followed to the letter, and why. */
export interface Deviation {
  readonly id: string;
  readonly what: string;
  readonly why: string;
}

/** The rules in groups, as on the page. */
export const groups: readonly (readonly [title: string, rules: string])[] = [
  [
    'Transport and framing',
    `C-TR-1 S One URL, /v1/opamp on port 4320 by default, serves WebSocket and plain HTTP.
C-TR-2 S The content type tells the transports apart; anything else is a 4xx.
C-TR-3 M A WebSocket message is a binary frame: a zero byte, then a ServerToAgent.
C-TR-4 S A header other than 0 is malformed.
C-TR-5 M A message without any field is valid protobuf and has no uid.
C-TR-6 Y Legacy messages without a header are accepted.
C-TR-7 I A text frame is never decoded and breaks nothing.
C-TR-8 I Fragmented messages are put together; pings between fragments are answered.
C-TR-9 M A WebSocket message past the size limit is refused, and closes with 1009.
C-TR-10 M An HTTP body past the limit, inflated, is answered 413.
C-TR-11 M No message past the limit is ever sent.
C-TR-12 S The limit is a setting, 64 MiB by default.
C-TR-13 M gzip and identity request bodies are read; others are 415.
C-TR-14 S The response is compressed if and only if Accept-Encoding permits.
C-TR-15 M Every HTTP request gets a ServerToAgent, even with nothing to say.
C-TR-16 M The server ends a connection with a Close frame.
C-TR-17 I A client's Close is echoed.
C-TR-18 I Compression is negotiated as strict clients need it, or declined.
C-TR-19 I Writes are whole and in order; of each kind of offer only the newest waits.
C-TR-20 I Every text that is sent is well-formed UTF-8.
C-TR-21 P Connections are pinged, and cut when they do not answer.`,
  ],
  [
    'Response discipline',
    `C-RSP-1 M Each report is answered.
C-RSP-2 M A repeated report is answered each time.
C-RSP-3 M The answer carries the uid of the report.
C-RSP-4 M An error_response goes with nothing but the uid.
C-RSP-5 M The first message of a session states the server's capabilities.
C-RSP-6 M Only what is implemented and turned on is advertised.
C-RSP-7 S What did not change is not sent again.
C-RSP-8 M A command goes alone.
C-RSP-9 I The reply to a goodbye offers nothing.`,
  ],
  [
    'Status, compression, sequence numbers',
    `C-STAT-1 M State is kept per agent; what a report omits is unchanged.
C-STAT-2 M A gap in the sequence asks for the full state.
C-STAT-3 M Unknown state asks for the full state; nothing is decided before it is known.
C-STAT-4 I A process that starts again at 0 with its full state is not asked.
C-STAT-5 I A present part replaces the whole stored part.
C-STAT-6 I What a full report leaves out is unknown and not asked for forever.
C-STAT-7 I At most one ReportFullState is outstanding per agent, with a least interval.
C-STAT-8 I The sequence belongs to the uid, not to the connection.
C-STAT-9 I Capabilities of 0 mean "not stated".
C-STAT-10 M Changed capabilities hold at once.
C-STAT-11 I Unknown bits and fields are ignored.
C-STAT-12 I An absent and an unset remote config status both mean "has none".`,
  ],
  [
    'Identity',
    `C-ID-1 M A uid has 16 bytes; legacy ULID text is taken and echoed.
C-ID-2 M An agent that asks for a uid gets one, and is answered under its old one until it takes it.
C-ID-3 S Two agents with one uid are found, and one of them gets another.
C-ID-4 I A duplicate is never accepted and then closed.
C-ID-5 I A reassigned uid may not be kept: the reassignment may recur.
C-ID-6 I A uid is no stable identity of a machine.
C-ID-7 P A uid belongs to its tenant: another tenant's claim has no effect.`,
  ],
  [
    'Disconnect and liveness',
    `C-DIS-1 S After a goodbye, or the end of a connection, its agents are no longer reachable by it.
C-DIS-2 I A polling agent that falls silent counts as gone.
C-DIS-3 I An agent that comes back goes on with its sequence.`,
  ],
  [
    'Capabilities',
    `C-CAP-1 M Nothing is sent that the agent did not state it can take.
C-CAP-2 M Reserved bits are 0.
C-CAP-3 I An agent that cannot acknowledge configs is not offered the same again and again.`,
  ],
  [
    'Remote config',
    `C-RC-1 M Every offer has a hash.
C-RC-2 S A config is offered where the agent's last hash differs, and only there.
C-RC-3 I A failed hash was received: it is not resent.
C-RC-4 I An offer is made once per connection until the agent denies it or a retry is due.
C-RC-5 P A config that was rolled back is not offered again.
C-RC-6 I Offers are pushed over WebSocket and wait for the poll over HTTP.
C-RC-7 S The key of a single file may be empty.
C-RC-8 P No config is never an empty config map.
C-RC-9 P The content type is text/yaml.
C-RC-10 I Nothing is offered before the description is known.
C-RC-11 I A changed description is matched anew, without oscillation.`,
  ],
  [
    'Effective config',
    `C-EC-1 I Any number of files is taken, and no map says nothing.
C-EC-2 P Desired is compared as a part of effective, never byte by byte.
C-EC-3 P An effective config is treated as secret until it is redacted.`,
  ],
  [
    'Health',
    `C-H-1 I The tree has a limit of depth.
C-H-2 I Status texts are the agent's own.
C-H-3 I Absent health is unknown, not good.`,
  ],
  [
    'Heartbeat',
    `C-HB-1 Y A heartbeat interval is asked for only from agents that report heartbeats.
C-HB-2 I Any message is a sign of life.
C-HB-3 I No interval is assumed that was not set.
C-HB-4 I Every opamp offer fills the interval, as 0 would turn heartbeats off.`,
  ],
  [
    'Connection settings',
    `C-CS-1 M The hash is set and covers all settings.
C-CS-2 M The opamp endpoint is a ws, wss, http or https URL, and a proxy has one too.
C-CS-3 M A telemetry destination is the full URL of an OTLP/HTTP receiver.
C-CS-4 S Settings go with the first message, and again only when they change.
C-CS-5 I Metrics, traces and logs are always offered together.
C-CS-6 M Settings are offered where the agent's last hash differs; a failed hash is not resent.
C-CS-7 S The old credential is good until the agent connects with the new one.
C-CS-8 M A certificate comes with its authority, a private key only where the server made it.
C-CS-9 M A revoked credential's connections end and it is turned away.
C-CS-10 I An opamp offer is complete: endpoint, headers, heartbeat, certificate.`,
  ],
  [
    'Certificate requests',
    `C-CSR-1 M Requests are taken only where that is advertised; one about nothing is ignored.
C-CSR-2 S A good request is answered with a certificate, at once or later.
C-CSR-3 M Any failure is a BAD_REQUEST.
C-CSR-4 M A uid in the request must be the message's own.
C-CSR-5 M A request for a uid that the server gave is taken over the old uid's certificate.`,
  ],
  [
    'Packages',
    `C-PKG-1 M Packages are offered only to agents that accept them.
C-PKG-2 M The aggregate hash is set.
C-PKG-3 M Hashes, signatures and headers are the server's to state; contents are hashed with SHA-256.
C-PKG-4 S Packages are offered where the agent's last aggregate hash differs.
C-PKG-5 I An offer is the complete set.
C-PKG-6 S Downloads support ranges.`,
  ],
  [
    'Commands, custom messages, components',
    `C-CMD-1 M A restart is commanded only where the agent accepts it, and alone.
C-CUS-1 S Custom capabilities are told once; messages go only to those who list the capability.
C-AC-1 S Components are asked for once per unknown hash.`,
  ],
  [
    'Errors, throttling, authentication',
    `C-ERR-1 M Malformed is BAD_REQUEST, with a reason.
C-ERR-2 I A body that is no protobuf is told so in protobuf.
C-ERR-3 I BAD_REQUEST leaves a connection open, within limits.
C-THR-1 S Overload is UNAVAILABLE, and 503 or 429 with Retry-After before the upgrade.
C-AUTH-1 M A failed credential is 401 before the upgrade.`,
  ],
];

/** What is done otherwise than the rule says, on purpose. */
export const deviations: readonly Deviation[] = [
  {
    id: 'C-ERR-2',
    what: 'An HTTP body that is no protobuf is answered 400 with the BAD_REQUEST as its body, not 200.',
    why: 'Clients drop both alike, and proxies and logs see that something is wrong.',
  },
  {
    id: 'C-TR-18',
    what: 'permessage-deflate is always declined.',
    why: 'Messages are small, compression contexts would cost each connection more memory than all its state.',
  },
  {
    id: 'C-RSP-5',
    what: 'The capabilities are in every message, not only in the first.',
    why: 'HTTP has no session, and a reply then has one form.',
  },
  {
    id: 'C-HB-1',
    what: 'An opamp offer to an agent that reports no heartbeats still carries an interval, the usual 30 seconds.',
    why: 'Left out it reads as 0, "off", which ends polling supervisors (C-HB-4).',
  },
  {
    id: 'C-RC-6',
    what: 'A config offer is not kept for the next poll: it is decided anew when the poll comes.',
    why: 'What was stopped or replaced meanwhile must not go out.',
  },
];
