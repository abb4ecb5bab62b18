/** A number or a time that nobody can know exactly: what a page's clock says is corrected by how long its request took. */
export class Near {
  readonly value: number
  readonly within: number
  readonly isTime: boolean

  /** Times in ms. */
  constructor(value: Date | number, within: number) {
    this.isTime = value instanceof Date
    this.value = Number(value)
    this.within = within
  }

  /** Whether a value found is of the same kind and about the same. */
  fits(found: unknown): boolean {
    const isSameKind = this.isTime ? found instanceof Date : typeof found === 'number'
    return isSameKind && Math.abs(Number(found) - this.value) <= this.within
  }
}
