/** The UTC hour of a time in ms, as `YYYY-MM-DD-HH`. */
export const hourOf = (ms: number): string => new Date(ms).toISOString().slice(0, 13).replace('T', '-')
/** The first ms of an hour. */
export const hourStart = (hour: string): number => Date.parse(`${hour.slice(0, 10)}T${hour.slice(11)}:00:00Z`)
