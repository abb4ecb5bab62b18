import type { List } from '../runner.ts'
import { equalsTruth } from './analytics/equals-truth.ts'
import { foreignParquet } from './ml/foreign-parquet.ts'
import { killed } from './ml/killed.ts'
import { left } from './ml/left.ts'
import { linkage } from './ml/linkage.ts'
import { type AnalyticsContext, openAnalytics } from './open-analytics.ts'

/** Figures that survive replay, and training data that is anonymous. */
export const analyticsMl: List<AnalyticsContext> = {
  name: 'analytics-ml',
  open: openAnalytics,
  checks: [equalsTruth, linkage, foreignParquet, left, killed],
}
