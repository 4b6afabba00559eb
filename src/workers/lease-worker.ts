import { parentPort } from 'node:worker_threads';
import { type CampaignPort, serveCampaign } from '../store/index.ts';

if (!parentPort) throw new Error('lease-worker runs in a worker thread only');
serveCampaign(parentPort as CampaignPort);
