/**
 * One word for each thing that shops call by many. A raw value is cut into words; the first entry that names it whole
 * wins, then the first that is part of it (`cat eye sunglasses`). Values that name several things (`black/gold`) keep
 * all of them in their order.
 */
type Taxonomy = Readonly<Record<string, readonly string[]>>

const shapes: Taxonomy = {
  aviator: ['pilot', 'teardrop', 'piloten'],
  browline: ['clubmaster', 'half frame', 'brow line'],
  'cat-eye': ['cateye', 'cat eye', 'katzenauge', 'butterfly'],
  geometric: ['hexagonal', 'hexagon', 'octagonal', 'octagon', 'geometrisch'],
  oval: ['ovale', 'elliptical'],
  rectangle: ['rectangular', 'rechteckig', 'rectangulaire'],
  round: ['circle', 'circular', 'rund', 'ronde', 'panto', 'pantos'],
  square: ['quadratisch', 'eckig', 'carre'],
  wayfarer: ['trapeze', 'trapezoid'],
  shield: ['mask', 'visor', 'wrap', 'wraparound'],
}

const materials: Taxonomy = {
  acetate: ['acetat', 'cellulose acetate', 'zyl', 'zylonite'],
  titanium: ['titan', 'beta titanium', 'pure titanium'],
  'stainless-steel': ['stainless steel', 'steel', 'edelstahl', 'inox'],
  aluminium: ['aluminum'],
  'carbon-fibre': ['carbon', 'carbon fiber', 'carbon fibre'],
  wood: ['holz', 'bamboo'],
  horn: ['buffalo horn', 'buffelhorn'],
  nylon: ['polyamide', 'tr90', 'tr 90', 'grilamid', 'ultem'],
  plastic: ['kunststoff', 'plastique', 'polycarbonate', 'injected'],
  metal: ['metall', 'alloy', 'monel'],
  mixed: ['combination', 'combined', 'mix'],
}

const colours: Taxonomy = {
  black: ['schwarz', 'noir', 'nero', 'onyx', 'jet'],
  tortoise: ['tortoiseshell', 'havana', 'havanna', 'demi', 'schildpatt', 'ecaille'],
  gold: ['golden', 'champagne', 'dore'],
  'rose-gold': ['rose gold', 'rosegold'],
  silver: ['silber', 'argent', 'chrome', 'palladium'],
  gunmetal: ['gun metal', 'anthrazit', 'ruthenium'],
  grey: ['gray', 'grau', 'gris', 'smoke', 'slate'],
  brown: ['braun', 'marron', 'chocolate', 'espresso', 'cognac'],
  blue: ['blau', 'bleu', 'navy', 'azure', 'cobalt'],
  green: ['grun', 'vert', 'olive', 'emerald', 'khaki'],
  red: ['rot', 'rouge', 'crimson'],
  burgundy: ['bordeaux', 'wine'],
  pink: ['rosa', 'rose', 'blush', 'fuchsia', 'magenta'],
  purple: ['violet', 'lila', 'lavender', 'plum'],
  white: ['weiss', 'blanc', 'ivory'],
  beige: ['sand', 'nude', 'cream'],
  orange: ['coral', 'amber'],
  yellow: ['gelb', 'jaune', 'honey'],
  transparent: ['clear', 'crystal', 'kristall', 'translucent'],
  multicolour: ['multicolor', 'multi', 'mehrfarbig'],
}

const lenses: Taxonomy = {
  'single-vision': ['single vision', 'einstarken', 'distance', 'reading', 'prescription'],
  progressive: ['varifocal', 'gleitsicht', 'multifocal'],
  bifocal: ['bifokal'],
  'blue-light': ['blue light', 'bluelight', 'blue cut', 'computer', 'blaulichtfilter'],
  photochromic: ['transitions', 'light adaptive', 'selbsttonend'],
  polarised: ['polarized', 'polarisiert'],
  sun: ['sunglass', 'sunglasses', 'tinted', 'sonnenbrille', 'sonne'],
  demo: ['non prescription', 'plano', 'clear lens'],
}

const faces: Taxonomy = {
  oval: [],
  round: ['rund', 'circle'],
  square: ['eckig', 'quadratisch'],
  heart: ['herz', 'herzformig', 'inverted triangle'],
  diamond: ['diamant', 'rhombus'],
  oblong: ['long', 'rectangle', 'rectangular', 'langlich'],
  triangle: ['pear', 'dreieckig'],
}

/** Lower case without accents, words parted by single blanks. */
const plainWords = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

type Names = readonly (readonly [words: string, term: string])[]

/** Longer names first, so that `rose gold` is not taken for `gold`. */
const namesOf = (taxonomy: Taxonomy): Names =>
  Object.entries(taxonomy)
    .flatMap(([term, synonyms]) => [term, ...synonyms].map((name) => [plainWords(name), term] as const))
    .sort(([one], [other]) => other.length - one.length || (one < other ? -1 : 1))

/** All terms that a text names, in the order in which it names them. */
function termsIn(text: string, names: Names): string[] {
  let rest = ` ${plainWords(text)} `
  const found: { term: string; at: number }[] = []
  for (const [words, term] of names) {
    const at = rest.indexOf(` ${words} `)
    if (at < 0) continue
    found.push({ term, at })
    rest = `${rest.slice(0, at)} ${'#'.repeat(words.length)} ${rest.slice(at + words.length + 2)}`
  }
  return [...new Set(found.sort((one, other) => one.at - other.at).map(({ term }) => term))]
}

/** The one term that a text means, undefined when it names none. */
type TermOf = (text: string) => string | undefined

function oneOf(taxonomy: Taxonomy): TermOf {
  const names = namesOf(taxonomy)
  return (text) => names.find(([words]) => words === plainWords(text))?.[1] ?? termsIn(text, names)[0]
}

function severalOf(taxonomy: Taxonomy): TermOf {
  const names = namesOf(taxonomy)
  return (text) => termsIn(text, names).join('/') || undefined
}

/** What shops' words for a frame and its lenses, and for a face, mean. */
export const frameTerms = {
  frameShape: oneOf(shapes),
  frameMaterial: severalOf(materials),
  frameColor: severalOf(colours),
  lensType: severalOf(lenses),
  faceShape: oneOf(faces),
} satisfies Record<string, TermOf>
