import { dateDefinition, durationDefinition, namePattern, selectorDefinition } from './definitions.ts';
import { closedObject, createKindSchema, type JsonSchema } from './schema.ts';

const duration = { $ref: '#/definitions/duration' };
const percent = { type: 'number', exclusiveMinimum: 0, maximum: 100 };
const timeOfDay = { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' };

const step: JsonSchema = {
  ...closedObject(
    'One stage: the agents that a selector, a count or a percentage picks. After the last one there is always "all".',
    {
      name: {
        description: 'Names the step in statuses and approvals.',
        type: 'string',
        pattern: namePattern,
      },
      selector: { $ref: '#/definitions/selector' },
      count: { description: 'This many agents.', type: 'integer', minimum: 1 },
      percent: { description: 'This share of the agents, at least one.', ...percent },
      soak: {
        description: 'How long agents must stay healthy. Default 0; "all" soaks like the last step.',
        ...duration,
      },
      approval: {
        description: 'true: wait for `muster rollouts approve` before this step.',
        type: 'boolean',
      },
    },
    ['name'],
  ),
  oneOf: [{ required: ['selector'] }, { required: ['count'] }, { required: ['percent'] }],
};

const failure = closedObject('When the rollout has failed, and what then.', {
  healthTimeout: { description: 'How long an agent may be unhealthy. Default 5m.', ...duration },
  maxFailed: {
    description: 'Failed agents that are tolerated after the first step.',
    type: 'integer',
    minimum: 0,
  },
  maxFailedPercent: {
    description: 'The same as a share. Default 2.',
    type: 'number',
    minimum: 0,
    maximum: 100,
  },
  action: { description: 'Default rollback.', enum: ['rollback', 'pause'] },
  drift: { description: 'fail: drift of values fails the rollout too.', enum: ['fail', 'ignore'] },
});

const window = closedObject(
  'A time in which new offers may go out.',
  {
    days: { type: 'array', minItems: 1, items: { enum: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] } },
    from: { description: 'Time of day, 09:00.', ...timeOfDay },
    to: { description: 'Time of day, 16:00.', ...timeOfDay },
    timeZone: { description: 'An IANA name, Europe/Berlin. Default UTC.', type: 'string', minLength: 1 },
  },
  ['from', 'to'],
);

const freeze = closedObject(
  'A time without new offers.',
  {
    from: { $ref: '#/definitions/date' },
    to: { $ref: '#/definitions/date' },
    reason: { description: 'Shown to whoever waits.', type: 'string', minLength: 1 },
  },
  ['from', 'to', 'reason'],
);

/** Schema of a Rollout. */
export const rolloutSchema: JsonSchema = createKindSchema(
  'Rollout',
  'Staged delivery of a change to the agents of one AgentConfig or Package.',
  {
    name: {
      description: 'Default: the file’s name without its ending.',
      type: 'string',
      pattern: namePattern,
    },
    steps: { description: 'Stages in order.', type: 'array', minItems: 1, maxItems: 20, items: step },
    failure,
    deadline: { description: 'After this time the rollout fails and pauses.', ...duration },
    maxInFlight: {
      description: 'Agents that apply at the same time. Default 500.',
      type: 'integer',
      minimum: 1,
    },
    windows: { description: 'New offers go out only inside one of these.', type: 'array', items: window },
    freeze: { description: 'No new offers inside any of these.', type: 'array', items: freeze },
  },
  {
    required: ['steps'],
    definitions: { selector: selectorDefinition, duration: durationDefinition, date: dateDefinition },
  },
);
