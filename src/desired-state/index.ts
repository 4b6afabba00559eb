export { alignConfigs } from './align-configs.ts';
export { type Assigner, createAssigner } from './assign/assigner.ts';
export {
  type AssignmentExplanation,
  type ConfigExplanation,
  explainAssignment,
  type OverlayExplanation,
} from './assign/explain-assignment.ts';
export { describeRendering } from './describe-rendering.ts';
export { type DiffOptions, diffTexts } from './diff-texts.ts';
export { listChanges } from './list-changes.ts';
export type {
  RenderedLayer,
  RenderedTree,
  RenderedTreeFile,
  RenderTarget,
  RenderTreeOptions,
} from './render/render-tree.ts';
export { createRenderer, type Renderer, type RendererDeps } from './render/renderer.ts';
export { type RenderProblemCode, renderProblems } from './render-problems.ts';
export {
  type ConnectionOfferInput,
  type ConnectionOfferResult,
  composeConnectionOffer,
  type OmittedMember,
} from './settings/connection-offer.ts';
export { listHeaderTemplates } from './settings/header-templates.ts';
export {
  composePackagesOffer,
  computePackagesKey,
  type Download,
  type PackagesOfferResult,
  type Platform,
  platformOf,
} from './settings/packages-offer.ts';
export { describePeer, type PeerTraits, peerTraps } from './settings/peer-traits.ts';
export {
  createSettingsAssigner,
  type SettingsAssigner,
  type SettingsMatch,
} from './settings/settings-assigner.ts';
export { listAgentVars } from './variables/list-agent-vars.ts';
