import { fromEuroCents } from '../money.ts'
import type { Metafield, Product, Variant } from './model.ts'
import {
  colours,
  faceShapes,
  frameLines,
  frameMaterials,
  frameSeries,
  frameShapes,
  lensTypes,
  productTags,
  productTypes,
  sizes,
  vendors,
} from './vocabulary.ts'
import { pickTags, type World } from './world.ts'

export type ProductAction =
  | 'title'
  | 'description'
  | 'tags'
  | 'price'
  | 'add-variant'
  | 'remove-variant'
  | 'stock'
  | 'image'
  | 'publish'
  | 'metafield'
  | 'type'
  | 'restate'

const weights: Readonly<Record<ProductAction, number>> = {
  title: 10,
  description: 8,
  tags: 10,
  price: 14,
  'add-variant': 10,
  'remove-variant': 8,
  stock: 14,
  image: 9,
  publish: 6,
  metafield: 10,
  type: 5,
  restate: 8,
}

/** How many variants the largest simulated product has: far beyond a page of Shopify's API. */
const extremeVariants = 250

export function createProduct(world: World, at: number, extreme = false): Product {
  const { random } = world
  const optionNames = extreme || random.chance(0.7) ? ['Colour', 'Size'] : ['Colour']
  const title = `${random.pick(frameLines)} ${random.pick(frameSeries)}`
  const id = world.nextId()
  const product: Product = {
    kind: 'product',
    id,
    createdAt: at,
    updatedAt: at,
    publishedAt: random.chance(0.8) ? at : null,
    title,
    bodyHtml: random.chance(0.85) ? describe(title, random.int(1, 99)) : null,
    handle: `frame-${id}`,
    vendor: random.pick(vendors),
    productType: random.chance(0.9) ? random.pick(productTypes) : '',
    status: random.chance(0.85) ? 'active' : 'draft',
    tags: pickTags(world, productTags),
    optionNames,
    optionIds: optionNames.map(() => world.nextId()),
    variants: [],
    images: [],
    metafields: new Map(),
  }
  const count = extreme ? extremeVariants : random.int(1, 6)
  for (let made = 0; made < count; made += 1) addVariant(world, product, at)
  for (let made = random.int(0, 3); made > 0; made -= 1) addImage(world, product, at)
  for (const key of Object.keys(metafieldValues)) if (random.chance(0.7)) setMetafield(world, product, key, at)
  world.products.push(product)
  world.made.product += 1
  return product
}

/**
 * Changes one thing, or says all again where the action finds nothing to change. Returns the variant of which there are
 * more or fewer now.
 */
export function changeProduct(world: World, product: Product, at: number, action?: ProductAction): Variant | undefined {
  const before = new Map(product.variants.map((variant) => [variant, variant.inventoryQuantity]))
  act[action ?? world.random.weighted(weights)](world, product, at)
  product.updatedAt = at
  return product.variants.find(
    (variant) => variant.inventoryQuantity !== (before.get(variant) ?? variant.inventoryQuantity),
  )
}

/** Takes sold units from the shelf; oversold goods go below zero, as in a real shop. */
export function takeStock(product: Product, variantId: bigint, quantity: number, at: number): void {
  const variant = product.variants.find((each) => each.id === variantId)
  if (variant === undefined) return
  variant.inventoryQuantity -= quantity
  variant.updatedAt = at
  product.updatedAt = at
}

const act: Readonly<Record<ProductAction, (world: World, product: Product, at: number) => void>> = {
  title(world, product) {
    product.title = `${world.random.pick(frameLines)} ${world.random.pick(frameSeries)}`
  },
  description(world, product) {
    const cleared = product.bodyHtml !== null && world.random.chance(0.4)
    product.bodyHtml = cleared ? null : describe(product.title, world.random.int(100, 999))
  },
  tags(world, product) {
    product.tags = product.tags.length > 0 && world.random.chance(0.35) ? [] : pickTags(world, productTags)
  },
  price(world, product, at) {
    const variant = world.random.pick(product.variants)
    if (variant.compareAtPrice !== null && world.random.chance(0.5)) variant.compareAtPrice = null
    else {
      variant.compareAtPrice = world.random.chance(0.5) ? variant.price : variant.compareAtPrice
      variant.price = drawPrice(world)
    }
    variant.updatedAt = at
  },
  'add-variant': addVariant,
  'remove-variant'(world, product) {
    if (product.variants.length < 2) return
    const [removed] = product.variants.splice(world.random.int(0, product.variants.length - 1), 1)
    for (const image of product.images) image.variantIds = image.variantIds.filter((id) => id !== removed?.id)
  },
  stock(world, product, at) {
    const variant = world.random.pick(product.variants)
    variant.inventoryQuantity = world.random.int(-3, 400)
    variant.updatedAt = at
  },
  image(world, product, at) {
    const { random } = world
    const doing = product.images.length === 0 ? 'add' : random.weighted({ add: 4, remove: 4, describe: 2 })
    if (doing === 'add') addImage(world, product, at)
    else if (doing === 'remove') product.images.splice(random.int(0, product.images.length - 1), 1)
    else random.pick(product.images).alt = random.chance(0.4) ? null : product.title
  },
  publish(world, product, at) {
    product.publishedAt = product.publishedAt === null ? at : null
    product.status = world.random.pick(['active', 'draft', 'archived'] as const)
  },
  metafield(world, product, at) {
    const key = world.random.pick(Object.keys(metafieldValues))
    if (product.metafields.has(key) && world.random.chance(0.4)) product.metafields.delete(key)
    else setMetafield(world, product, key, at)
  },
  type(world, product) {
    product.productType = product.productType !== '' && world.random.chance(0.4) ? '' : world.random.pick(productTypes)
  },
  restate() {},
}

const describe = (title: string, edition: number): string =>
  `<p>${title.replaceAll('&', '&amp;').replaceAll('"', '&quot;')} — <strong>édition ${edition}</strong></p>\n<ul><li>½ rim 👓</li></ul>`

const drawPrice = (world: World): bigint =>
  fromEuroCents(BigInt(world.random.int(1_900, 48_900)), world.settings.currency)

function addVariant(world: World, product: Product, at: number): void {
  const { random } = world
  const price = drawPrice(world)
  const taken = new Set(product.variants.map((variant) => variant.options.join('|')))
  const options = freeOptions(world, product, taken)
  const variant: Variant = {
    id: world.nextId(),
    options,
    sku: random.chance(0.9) ? `FR-${random.digits(5)}-${options.join('-').replaceAll(' ', '')}` : null,
    barcode: random.chance(0.5) ? `40${random.digits(11)}` : null,
    price,
    compareAtPrice: random.chance(0.3) ? price + drawPrice(world) : null,
    inventoryItemId: world.nextId(),
    inventoryQuantity: random.int(0, 120),
    taxable: random.chance(0.95),
    createdAt: at,
    updatedAt: at,
  }
  product.variants.push(variant)
}

/** Option values that no variant of the product has yet; numbered colours once the ordinary ones are used up. */
function freeOptions(world: World, product: Product, taken: ReadonlySet<string>): string[] {
  const tail = product.optionNames.length > 1 ? [world.random.pick(sizes)] : []
  const free = colours.find((colour) => !taken.has([colour, ...tail].join('|')))
  return [free ?? `Colour ${product.variants.length + 1}.${world.random.digits(3)}`, ...tail]
}

function addImage(world: World, product: Product, at: number): void {
  const { random } = world
  const id = world.nextId()
  const shown = random.chance(0.4) ? [random.pick(product.variants).id] : []
  for (const image of product.images) image.variantIds = image.variantIds.filter((each) => !shown.includes(each))
  product.images.push({
    id,
    src: `https://cdn.shopify.com/s/files/1/0005/4838/0009/files/frame_${id}.jpg?v=${Math.floor(at / 1000)}&width=1200`,
    alt: random.chance(0.6) ? `${product.title}, ${random.pick(colours)}` : null,
    variantIds: shown,
    createdAt: at,
  })
}

const metafieldValues: Readonly<Record<string, (world: World) => string>> = {
  frame_shape: ({ random }) => random.pick(frameShapes),
  frame_material: ({ random }) => random.pick(frameMaterials),
  frame_color: ({ random }) => random.pick(colours),
  lens_type: ({ random }) => random.pick(lensTypes),
  lens_width: ({ random }) => String(random.int(44, 60)),
  bridge_width: ({ random }) => `${random.int(14, 24)} mm`,
  temple_length: ({ random }) => `${random.int(130, 154)}.5`,
  recommended_face_shapes: ({ random }) => random.shuffled(faceShapes).slice(0, random.int(1, 3)).join(', '),
}

function setMetafield(world: World, product: Product, key: string, at: number): void {
  const value = metafieldValues[key]?.(world)
  if (value === undefined) return
  const held = product.metafields.get(key)
  const type = 'single_line_text_field'
  const metafield: Metafield = held ?? { id: world.nextId(), key, value, type, createdAt: at, updatedAt: at }
  metafield.value = value
  metafield.updatedAt = at
  product.metafields.set(key, metafield)
}
