/** Words that simulated shops are made of. Data only; the choice among them is the seed's. */

/** Given name, family name and how the person writes the name in an e-mail address: scripts of many shops' buyers. */
export const names: readonly (readonly [string, string, string])[] = [
  ['Ada', 'Fairbairn', 'ada.fairbairn'],
  ['Jürgen', 'Groß', 'juergen.gross'],
  ['Zoë', 'O’Brien', 'zoe.obrien'],
  ['Łucja', 'Wiśniewska', 'lucja.w'],
  ['Nguyễn', 'Thị Hồng Ánh', 'hong.anh'],
  ['花子', '山田', 'hanako.yamada'],
  ['지우', '김', 'jiwoo.kim'],
  ['小龙', '李', 'lixiaolong'],
  ['فاطمة', 'الزهراء', 'fatima.z'],
  ['נועה', 'לוי', 'noa.levi'],
  ['Αθηνά', 'Παπαδοπούλου', 'athina.p'],
  ['Мария', 'Кузнецова', 'm.kuznetsova'],
  ['Oluwaseun', 'Adébáyọ̀', 'seun.adebayo'],
  ['अनन्या', 'शर्मा', 'ananya.sharma'],
  ['Søren', 'Ærøskøbing', 'soren.ae'],
  ['João', 'da Conceição', 'joao.conceicao'],
  ['Mary-Jane', "D'Angelo-Smythe", 'mj.dangelo'],
  ['Þórdís', 'Jónsdóttir', 'thordis.j'],
  ['İpek', 'Yıldız', 'ipek.yildiz'],
  ['Björk 🕶️', 'Lindqvist', 'bjork.lindqvist'],
  ['Renée', 'Lefèvre', 'renee.lefevre'],
  ['Tom', 'Null', 'tom.null'],
  ['สมชาย', 'ใจดี', 'somchai.jaidee'],
  ['Grace', 'Okafor', 'grace.okafor'],
]

export type Place = {
  city: string
  zip: string
  province: string | null
  provinceCode: string | null
  country: string
  countryCode: string
  street: string
  dial: string
}

const place = (
  city: string,
  zip: string,
  [province, provinceCode]: readonly [string, string] | readonly [null, null],
  [country, countryCode]: readonly [string, string],
  street: string,
  dial: string,
): Place => ({ city, zip, province, provinceCode, country, countryCode, street, dial })

export const places: readonly Place[] = [
  place('Ottawa', 'K2H 7A8', ['Ontario', 'ON'], ['Canada', 'CA'], 'Elm Street', '+1613'),
  place('Louisville', '40003', ['Kentucky', 'KY'], ['United States', 'US'], 'Shipping Lane', '+1502'),
  place('München', '80331', [null, null], ['Germany', 'DE'], 'Sendlinger Straße', '+4989'),
  place('Île-d’Yeu', '85350', [null, null], ['France', 'FR'], 'Quai de la Mairie', '+33251'),
  place('東京都', '100-0001', ['Tōkyō', 'JP-13'], ['Japan', 'JP'], '千代田', '+813'),
  place('서울특별시', '04524', ['Seoul', 'KR-11'], ['South Korea', 'KR'], '세종대로', '+822'),
  place('Zürich', '8001', [null, null], ['Switzerland', 'CH'], 'Bahnhofstrasse', '+4144'),
  place('São Paulo', '01310-100', ['São Paulo', 'SP'], ['Brazil', 'BR'], 'Avenida Paulista', '+5511'),
  place('Đà Nẵng', '550000', [null, null], ['Vietnam', 'VN'], 'Bạch Đằng', '+84236'),
  place('الكويت', '13001', ['Al Asimah', 'KW-KU'], ['Kuwait', 'KW'], 'شارع فهد السالم', '+965'),
]

export const companies: readonly string[] = [
  'Blick & Söhne GmbH',
  'Clear/View Ltd',
  'Müller <Optik>',
  'アイケア株式会社',
]

export const frameLines: readonly string[] = [
  'Aviator',
  'Wayfarer',
  'Café Racer',
  'Pantos',
  'Clubmaster',
  'Browline',
  'Näckrosen',
  'Kyōto',
  'Tête-à-tête',
  'Big & Bold',
]
export const frameSeries: readonly string[] = [
  'Classic',
  'Air',
  'Édition Nº 5',
  'Titan',
  '"Reader"',
  'Kids',
  '极简',
  'Pro/Max',
]
export const vendors: readonly string[] = ['Ørsted Optik', 'Lunettes Clément', 'Clearwater', '光学堂', 'Brill & Sons']
export const productTypes: readonly string[] = ['Eyeglasses', 'Sunglasses', 'Reading glasses', 'Sports']
export const productTags: readonly string[] = [
  'new',
  'sale',
  'unisex',
  'blue-light',
  'été',
  'kids',
  'limited',
  'polarised',
]
export const orderTags: readonly string[] = ['vip', 'gift', 'rush', 'store pickup', 'prescription', 'Überprüfung']
export const customerTags: readonly string[] = ['vip', 'wholesale', 'newsletter', 'needs care', 'ブルー', 'optician']
export const colours: readonly string[] = [
  'Black',
  'Havana',
  'Crystal',
  'Gold',
  'Sapphire',
  'Rosé',
  'Olive',
  'Schwarz/Matt',
]
export const sizes: readonly string[] = ['48-20', '50-21', '52-19', '54-18', '56-17']
export const frameShapes: readonly string[] = ['round', 'square', 'aviator', 'cat-eye', 'rectangle', 'Oval']
export const frameMaterials: readonly string[] = ['acetate', 'titanium', 'stainless steel', 'wood', 'TR-90']
export const lensTypes: readonly string[] = ['single vision', 'progressive', 'bifocal', 'plano', 'blue-light']
export const lensCoatings: readonly string[] = ['anti-reflective', 'scratch resistant', 'photochromic', 'mirror']
export const faceShapes: readonly string[] = ['oval', 'round', 'square', 'heart', 'diamond', 'oblong']
export const locales: readonly string[] = ['en', 'en-CA', 'de', 'fr', 'ja', 'ko', 'pt-BR', 'vi', 'ar']
export const notes: readonly string[] = [
  'Please call before delivery.',
  'Bitte nicht knicken – Größe geändert',
  'Pupillary distance was measured in the shop',
  'ギフト包装でお願いします 🎁',
  'Says "no rush"\nsecond line\ttabbed \\ backslash',
  '<b>left lens</b> & right lens differ',
  'שביר, להיזהר',
]
export const carriers: readonly (readonly [string, string])[] = [
  ['DHL Express', 'https://track.example.com/dhl?no='],
  ['UPS', 'https://track.example.com/ups?no='],
  ['Canada Post', 'https://track.example.com/cp?lang=en&no='],
]
export const refundNotes: readonly string[] = [
  'Things were damaged',
  'Falsche Stärke',
  'Changed mind',
  'サイズが合わない',
]
export const cancelReasons: readonly string[] = ['customer', 'fraud', 'inventory', 'declined', 'other']
export const gateways: readonly string[] = ['shopify_payments', 'paypal', 'bogus', 'gift_card']
export const discountNames: readonly string[] = ['WELCOME10', 'SOMMER', 'VIP&CO', '夏季']
export const mailDomains: readonly string[] = ['example.com', 'example.org', 'example.net', 'mail.example.com']
