import { clickOn } from './read-marks.ts'
import { startSending } from './send.ts'
import { version } from './version.ts'
import { createVisit } from './visit.ts'

function start({ src, dataset }: HTMLScriptElement): void {
  const { varaiKey: key = '', varaiCollector = '/collect', varaiConsent: unasked, varaiRegion = '' } = dataset
  const collector = new URL(varaiCollector, src)
  collector.searchParams.set('key', key)
  const soon = startSending(collector.href)
  const region = /^[A-Z]{2,3}(-[A-Z0-9]{1,3})?$/.test(varaiRegion) ? varaiRegion : undefined
  const visit = createVisit({ unasked, region, cart: 'varaiCart' in dataset, queued: soon })

  const commands: Readonly<Record<string, (first: unknown, second: unknown) => void>> = {
    track: (event, data) => visit.track(`${event}`, data),
    consent: (choice, details) =>
      typeof choice === 'function' ? choice(visit.level()) : visit.consent(choice, details),
    session: (answer) => typeof answer === 'function' && answer(visit.sessionId()),
    page: visit.views,
    cart: visit.askForCart,
  }
  /** Nothing that a page says, and nothing that goes wrong here, breaks the page. */
  const obey = (command: string, first?: unknown, second?: unknown) => {
    try {
      commands[command]?.(first, second)
    } catch (error) {
      console.warn(error)
    }
  }
  const waiting = window.varai?.q ?? []
  window.varai = Object.assign(obey, { v: version })
  for (const [command, first, second] of waiting) obey(`${command}`, first, second)

  // Before the page's own listeners, which may stop it.
  addEventListener(
    'click',
    ({ target }) => {
      const mark = clickOn(target)
      if (mark) obey('track', mark.event, mark.data)
    },
    true,
  )
  const ready = () => {
    obey('page')
    visit.tellCart()
  }
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', ready)
  else ready()
}

const script = document.querySelector<HTMLScriptElement>('script[data-varai-key]')
// A page that loads it twice says everything once.
if (script !== null && window.varai?.v === undefined) start(script)
