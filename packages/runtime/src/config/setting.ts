import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** The environment a process was given: `process.env`, or a plain object in a test. */
export type Environment = Readonly<Record<string, string | undefined>>

/** One thing wrong with one variable, in words an operator can act on; never holds a secret's value. */
export type ConfigProblem = { readonly variable: string; readonly problem: string }

export type SettingResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** How one part of a configuration is read. Reading collects problems instead of stopping at the first. */
export type Setting<T> = { readonly read: (env: Environment) => SettingResult<T> }

/** What a setting yields. */
export type SettingValue<S> = S extends Setting<infer T> ? T : never

/** Named settings, to be read together into one object with the same names. */
export type SettingShape = Readonly<Record<string, Setting<unknown>>>

export type ShapeValue<S extends SettingShape> = { [K in keyof S]: SettingValue<S[K]> }

export const failed = (variable: string, problem: string): SettingResult<never> => ({
  ok: false,
  problems: [{ variable, problem }],
})

/** Compose files and charts hand over empty strings for what nobody set, so empty means absent. */
const given = (env: Environment, name: string): string | undefined => env[name] || undefined

/**
 * One variable, checked by a zod schema that gets its text, or undefined when it is absent or empty.
 * `expected` completes the sentence "expected …".
 */
export const variable = <S extends z.ZodType>(name: string, schema: S, expected: string): Setting<z.output<S>> => ({
  read: (env) => checked(name, given(env, name), schema, expected, false),
})

/**
 * One variable whose value nobody may see: from NAME, or from the file that NAME_FILE names (a mounted secret; one
 * trailing line break is cut off). Both at once is a problem, because one of the two would silently lose.
 */
export const secretVariable = <S extends z.ZodType>(
  name: string,
  schema: S,
  expected: string,
): Setting<z.output<S>> => ({
  read: (env) => {
    const fileVariable = `${name}_FILE`
    const path = given(env, fileVariable)
    if (path === undefined) return checked(name, given(env, name), schema, `${expected}, or ${fileVariable}`, true)
    if (given(env, name) !== undefined) return failed(name, `is set together with ${fileVariable}; keep one of them`)
    const content = readText(path)
    if (!content.ok) return failed(fileVariable, `cannot be read: ${content.reason} (${path})`)
    const text = content.text.replace(/\r?\n$/, '')
    return checked(fileVariable, text === '' ? undefined : text, schema, expected, true)
  },
})

/** A secret of any form, by NAME or NAME_FILE. */
export const secret = (name: string): Setting<string> => secretVariable(name, z.string(), 'a secret')

/** A secret that may be absent. */
export const optionalSecret = (name: string): Setting<string | undefined> =>
  secretVariable(name, z.string().optional(), 'a secret')

/** Several settings as one: an object with the same names. Every problem of every part is reported. */
export const settings = <S extends SettingShape>(shape: S): Setting<ShapeValue<S>> => ({
  read: (env) => {
    const entries: [string, unknown][] = []
    const problems: ConfigProblem[] = []
    for (const [name, setting] of Object.entries(shape)) {
      const result = setting.read(env)
      if (result.ok) entries.push([name, result.value])
      else problems.push(...result.problems)
    }
    if (problems.length > 0) return { ok: false, problems }
    return { ok: true, value: Object.fromEntries(entries) as ShapeValue<S> }
  },
})

/** A setting made from another one, once that one was read; may still refuse it, naming the variables at fault. */
export const derive = <T, U>(setting: Setting<T>, make: (value: T) => SettingResult<U>): Setting<U> => ({
  read: (env) => {
    const result = setting.read(env)
    return result.ok ? make(result.value) : result
  },
})

/** The text of a file, or why there is none, without the path (the caller names it). */
export function readText(path: string): { ok: true; text: string } | { ok: false; reason: string } {
  try {
    return { ok: true, text: readFileSync(path, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return { ok: false, reason: code === 'ENOENT' ? 'no such file' : code }
  }
}

function checked<S extends z.ZodType>(
  name: string,
  text: string | undefined,
  schema: S,
  expected: string,
  hidden: boolean,
): SettingResult<z.output<S>> {
  const result = schema.safeParse(text)
  if (result.success) return { ok: true, value: result.data }
  if (text === undefined) return failed(name, `is missing; expected ${expected}`)
  return failed(name, `is ${hidden ? 'not usable' : JSON.stringify(text.slice(0, 80))}; expected ${expected}`)
}
