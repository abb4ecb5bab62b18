import type { List } from '../runner.ts'
import { equalsTruth } from './analytics/equals-truth.ts'
import { type AnalyticsContext, openAnalytics } from './open-analytics.ts'

/** Figures that survive replay, and training data that is anonymous. */
export const analyticsMl: List<AnalyticsContext> = {
  name: 'analytics-ml',
  open: openAnalytics,
  checks: [equalsTruth],
}
