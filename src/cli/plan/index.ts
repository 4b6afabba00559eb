export { makePlan, type OfflinePlan } from './make-plan.ts';
export { composePlanText } from './plan-text.ts';
export { type PlanSides, readPlanSides, type SideOptions } from './read-sides.ts';
