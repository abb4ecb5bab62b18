/** Shopify's leaky bucket, of one app and store. Rates in points per second, times in ms. */
export type Bucket = {
  /** Takes the points; false, and nothing taken, where there are not so many. */
  take(points: number): boolean
  giveBack(points: number): void
  status(): { maximumAvailable: number; currentlyAvailable: number; restoreRate: number }
}

export function createBucket(of: { maximum: number; restoreRate: number; now: () => number }): Bucket {
  let available = of.maximum
  let at = of.now()
  const refill = () => {
    const now = of.now()
    available = Math.min(of.maximum, available + ((now - at) / 1000) * of.restoreRate)
    at = now
  }
  return {
    take(points) {
      refill()
      if (points > available) return false
      available -= points
      return true
    },
    giveBack(points) {
      available = Math.min(of.maximum, available + points)
    },
    status() {
      refill()
      const { maximum: maximumAvailable, restoreRate } = of
      return { maximumAvailable, currentlyAvailable: Math.floor(available), restoreRate }
    },
  }
}
