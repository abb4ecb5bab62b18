/**
 * How an assistant on the shop's pages hands over what it knows. Each call resolves to whether it was accepted, and
 * never throws: the shop must not suffer from it.
 *
 *   varaiSync.journey({ aiSessionId, recommendationIds })
 *   varaiSync.sessionCompleted({ sessionId, startedAt, completedAt, … })
 *   varaiSync.faceAnalysisCompleted({ sessionId, analysisId, analysis: { faceShape, measurements, … } })
 *
 * An assistant that is loaded from elsewhere may dispatch events on `document` instead: `varai:journey`,
 * `varai:session-completed`, `varai:face-analysis-completed`, with the same object as `detail`.
 */
;(() => {
  const { root, nonce } = window.varaiSyncSettings
  /** Visitors may hand over one thing of a kind each second; a page that is being left finishes its request. */
  const send = async (path, given, attempts = 3) => {
    try {
      const headers = { 'content-type': 'application/json', ...(nonce ? { 'X-WP-Nonce': nonce } : {}) }
      const body = JSON.stringify(given)
      const keepalive = body.length < 60_000
      const answer = await fetch(new URL(path, root), {
        method: 'POST',
        headers,
        body,
        keepalive,
        credentials: 'include',
      })
      if ((answer.status !== 429 && answer.status < 500) || attempts <= 1) return answer.ok
    } catch {
      if (attempts <= 1) return false
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    return send(path, given, attempts - 1)
  }
  const calls = {
    journey: (given) => send('journey', given),
    sessionCompleted: (given) => send('ai-sessions', given),
    faceAnalysisCompleted: (given) => send('face-analyses', withoutRawData(given)),
  }
  /** What the shop would drop need not leave the browser either. */
  const withoutRawData = ({ sessionId, analysisId, analysis = {} }) => {
    const { faceShape, measurements, confidence, timestamp, region, consentLevel } = analysis
    return { sessionId, analysisId, analysis: { faceShape, measurements, confidence, timestamp, region, consentLevel } }
  }
  const events = {
    'varai:journey': calls.journey,
    'varai:session-completed': calls.sessionCompleted,
    'varai:face-analysis-completed': calls.faceAnalysisCompleted,
  }
  for (const [name, call] of Object.entries(events)) document.addEventListener(name, ({ detail }) => call(detail))
  window.varaiSync = Object.freeze(calls)
})()
