import { limitsDefinition, namePattern, policyDefinition, varsDefinition } from './definitions.ts';
import { closedObject, createKindSchema, type JsonSchema, stringList } from './schema.ts';

const sha256 = { type: 'string', pattern: '^[0-9a-fA-F]{64}$' };

const enrollmentEntry: JsonSchema = {
  ...closedObject(
    'One proof of membership: a token, a certificate or a JWT.',
    {
      name: {
        description: 'Names the credential in listings and logs.',
        type: 'string',
        pattern: namePattern,
      },
      tokenSha256: {
        description: 'SHA-256 of a token, in hex. `muster token create` prints the token once and this line.',
        ...sha256,
      },
      approve: {
        description:
          'The token is good only for requesting a certificate: auto issues it at once, manual when an operator approves it. Absent: a full credential.',
        enum: ['auto', 'manual'],
      },
      certificate: closedObject(
        'Client certificates.',
        {
          issuerSha256: { description: 'SHA-256 fingerprint of the issuing authority, in hex.', ...sha256 },
          commonNameGlob: {
            description: 'Common names that are members.',
            type: 'string',
            minLength: 1,
            maxLength: 200,
          },
        },
        ['issuerSha256', 'commonNameGlob'],
      ),
      jwt: closedObject(
        'Tokens of an identity provider.',
        {
          issuer: { description: 'The iss claim, an https URL.', type: 'string', pattern: '^https://' },
          audience: { description: 'The aud claim.', type: 'string', minLength: 1 },
          claims: {
            description: 'Claims that must hold, by glob.',
            type: 'object',
            additionalProperties: { type: 'string' },
          },
        },
        ['issuer', 'audience'],
      ),
    },
    ['name'],
  ),
  oneOf: [{ required: ['tokenSha256'] }, { required: ['certificate'] }, { required: ['jwt'] }],
};

/** Schema of `tenants/<name>/tenant.yaml`. */
export const tenantSchema: JsonSchema = createKindSchema(
  'Tenant',
  'An owner and isolation boundary: tenants/<name>/tenant.yaml. Every agent belongs to exactly one tenant, by its credential.',
  {
    name: { description: 'The folder’s name; may be left out.', type: 'string', pattern: namePattern },
    owners: stringList('Who to ask: people or teams.'),
    enrollment: {
      description: 'What proves that an agent belongs to this tenant. Nothing secret: hashes only.',
      type: 'array',
      maxItems: 500,
      items: enrollmentEntry,
    },
    vars: { $ref: '#/definitions/vars' },
    limits: { $ref: '#/definitions/limits' },
    policy: { $ref: '#/definitions/policy' },
    revoked: stringList('Instance uids or certificate fingerprints that are refused at once.', {
      pattern: '^[0-9a-fA-F-]{26,64}$',
    }),
  },
  { definitions: { vars: varsDefinition, limits: limitsDefinition, policy: policyDefinition } },
);
