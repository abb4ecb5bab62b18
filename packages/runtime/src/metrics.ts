import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type { Counter, Gauge, Histogram } from 'prom-client'

type Described<L extends string> = {
  /** What is counted or measured, in snake_case, without service and unit: `deliveries`, `queue_depth`. */
  readonly what: string
  readonly help: string
  readonly labels?: readonly L[]
}

/** The metrics of one process. Asking twice for one name gives the same metric, so parts of a process can share it. */
export type Metrics = {
  /** `varai_<service>_<what>_total` */
  counter<const L extends string = never>(of: Described<L>): Counter<L>
  /** `varai_<service>_<what>` with the unit after it where there is one (`seconds`, `bytes`, `records`). `collect` runs at every scrape. */
  gauge<const L extends string = never>(of: Described<L> & GaugeExtras<L>): Gauge<L>
  /** `varai_<service>_<what>_<unit>`; buckets default to durations from 1 ms to 30 s. */
  histogram<const L extends string = never>(of: Described<L> & HistogramExtras): Histogram<L>
  /** Everything in Prometheus' text format, with its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

type GaugeExtras<L extends string> = {
  readonly unit?: string
  readonly collect?: (gauge: Gauge<L>) => void | Promise<void>
}
type HistogramExtras = { readonly unit: string; readonly buckets?: readonly number[] }

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** The registry of one process, with Node's default metrics (CPU, memory, event loop, garbage collection). */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  // The default of 10 ms wakes an idle process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 500 })
  const prefix = `varai_${service.replaceAll('-', '_')}`
  const made = new Map<string, unknown>()

  /** The metric of that name, made once. A name used for two kinds of metric is a mistake in the program. */
  function once<M extends object>(
    parts: readonly (string | undefined)[],
    kind: new (...of: never[]) => M,
    make: (name: string) => M,
  ): M {
    const name = [prefix, ...parts].filter((part) => part !== undefined).join('_')
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`not a metric name: ${name}`)
    const existing = made.get(name)
    if (existing instanceof kind) return existing
    if (existing !== undefined) throw new Error(`${name} is already another kind of metric`)
    const metric = make(name)
    made.set(name, metric)
    return metric
  }

  return {
    counter<const L extends string>(of: Described<L>) {
      return once(
        [of.what, 'total'],
        Counter<L>,
        (name) => new Counter<L>({ ...basics(of, name), registers: [registry] }),
      )
    },
    gauge<const L extends string>(of: Described<L> & GaugeExtras<L>) {
      const collect = of.collect
      return once([of.what, of.unit], Gauge<L>, (name) => {
        const gauge: Gauge<L> = new Gauge<L>({
          ...basics(of, name),
          registers: [registry],
          ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
        })
        return gauge
      })
    },
    histogram<const L extends string>(of: Described<L> & HistogramExtras) {
      return once(
        [of.what, of.unit],
        Histogram<L>,
        (name) =>
          new Histogram<L>({
            ...basics(of, name),
            buckets: [...(of.buckets ?? durationBuckets)],
            registers: [registry],
          }),
      )
    },
    async render() {
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

const basics = <L extends string>(of: Described<L>, name: string) => ({
  name,
  help: of.help,
  labelNames: [...(of.labels ?? [])],
})
