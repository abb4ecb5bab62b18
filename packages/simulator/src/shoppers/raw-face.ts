/** What must never leave the edge has this in it, in each of its codings. Nothing else says it. */
export const faceMarker = 'CANARYFACE7Q'
/** What must never leave a conversation. */
export const contactMarker = 'canary.contact7q'

const points = [0.101, 0.202, 0.303, 0.404, 0.505, 0.606, 0.717, 0.808]
const image = `data:image/png;base64,${Buffer.from(faceMarker.repeat(30)).toString('base64')}`
const landmarks = [[...points, faceMarker], { x: 0.5, y: 0.5, tag: faceMarker }]
/** Where only text fits. Nothing of it is left but the braces. */
export const landmarksAsText = JSON.stringify({ landmarks })

/** Raw face data under the names that careless integrations give it, and under names that nobody has thought of. */
export const rawFace = {
  landmarks,
  faceLandmarks: { points: landmarks },
  embedding: [...points, faceMarker],
  descriptor: Buffer.from(faceMarker.repeat(20)).toString('hex'),
  image,
  imageData: faceMarker,
  nested: { deeper: [{ selfie: image, anything: faceMarker }] },
  somethingElse: landmarksAsText,
}

/** Things that people write to an assistant, and what may be kept of them. */
export const spoken: readonly { readonly said: string; readonly kept: string }[] = [
  { said: 'I am looking for a light round frame.', kept: 'I am looking for a light round frame.' },
  { said: `Write to ${contactMarker}@example.com please`, kept: 'Write to [email] please' },
  { said: 'Call me at +43 664 1234567, thanks', kept: 'Call me at [phone], thanks' },
  { said: 'My card is 4111 1111 1111 1111 today', kept: 'My card is [card] today' },
  { said: '52-18-145 fits me well', kept: '52-18-145 fits me well' },
  { said: `Here is my face ${image}`, kept: '[removed]' },
  { said: landmarksAsText, kept: '{}' },
]
