import { type CastingContext, stringify } from 'csv-stringify/sync'
import type { ReportRow } from '../pure/report/day-report.ts'

const columns = {
  ...{ day: 'day', merchant: 'merchant', platform: 'platform', store: 'store', currency: 'currency' },
  ...{ orders: 'orders', cancelled: 'cancelled', refunded: 'refunded', withoutTotal: 'without_total' },
  ...{ gross: 'gross', refunds: 'refunds', net: 'net', taxes: 'taxes', discounts: 'discounts', shipping: 'shipping' },
} satisfies Record<keyof ReportRow, string>

/** What shops and stores name; the rest are numbers of ours, and a sheet shall read them as numbers. */
const named: readonly string[] = ['merchant', 'platform', 'store', 'currency']

/**
 * RFC 4180, in UTF-8 without a mark. A text that a sheet would take for a formula begins with an apostrophe (OWASP's
 * advice); a negative amount stays a number. What is not known is empty.
 */
export const toCsv = (rows: readonly ReportRow[]): string =>
  stringify([...rows], {
    ...{ columns, header: true, record_delimiter: 'windows', escape_formulas: true, quote_record_delimiter: true },
    cast: {
      string: (value: string, { column }: CastingContext) =>
        value.startsWith('-') && !named.includes(String(column)) ? { value, escape_formulas: false } : value,
    },
  })
