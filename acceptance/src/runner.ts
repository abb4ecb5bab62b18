/** What one line of a must-be-shown list came to. `figures` are printed whether it holds or not. */
export type Finding = { holds: boolean; figures: string[] }

export type Check<Context> = {
  title: string
  /** Left out with `--short`. */
  longOnly?: boolean
  /** Resolves with what was seen; a throw counts as not holding, with its message as the figure. */
  run(context: Context): Promise<Finding>
}

export type List<Context> = {
  name: string
  /** Boots what the checks share; `close` is called also when a check throws. */
  open(options: { short: boolean }): Promise<{ context: Context; close(): Promise<void> }>
  checks: readonly Check<Context>[]
}

/** Runs the checks one after the other and prints each with its figures. Resolves with whether all hold. */
export async function runList<Context>(
  list: List<Context>,
  options: { short: boolean; only?: string | undefined },
): Promise<boolean> {
  const wanted = list.checks
    .filter((check) => !(options.short && check.longOnly === true))
    .filter((check) => options.only === undefined || check.title.includes(options.only))
  const { context, close } = await list.open(options)
  let holding = 0
  try {
    for (const check of wanted) {
      const began = performance.now()
      const finding = await runCheck(check, context)
      if (finding.holds) holding += 1
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      console.log(`${finding.holds ? 'holds' : 'FAILS'}  ${check.title} (${seconds} s)`)
      for (const figure of finding.figures) console.log(`         ${figure}`)
    }
  } finally {
    await close()
  }
  console.log(`acceptance ${list.name}: ${holding} of ${wanted.length} hold`)
  return holding === wanted.length && wanted.length > 0
}

async function runCheck<Context>(check: Check<Context>, context: Context): Promise<Finding> {
  try {
    return await check.run(context)
  } catch (error) {
    return { holds: false, figures: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }
  }
}
