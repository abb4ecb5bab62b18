import { httpSettings, logSettings } from '@varai/runtime'

/** Every variable this service reads. */
export const configShape = { http: httpSettings(), log: logSettings }
