/** How much may be under way at once in one process; beyond it senders are told to come again. */
export type AdmissionLimits = {
  /** Deliveries that are being published. */
  readonly deliveries: number
  /** Bytes of bodies that are here, those still being read included. */
  readonly bytes: number
}

/** One request on its way through. */
export type Passage = {
  /** So many more bytes have come in; false when that is too much. */
  weigh(bytes: number): boolean
  /** The body is here and its delivery begins; false when too many are under way. */
  begin(): boolean
  /** Gives everything back. */
  leave(): void
}

export type Admission = {
  enter(): Passage
  /** Requests inside, reading or publishing. */
  readonly requests: number
  readonly bytes: number
}

/**
 * Bounds memory by what bodies weigh, not by how many there are: a product may have 10 MiB, most orders 10 KiB. What
 * has arrived is counted, never what was claimed: a sender that claims much and sends nothing, or slowly, takes no
 * place from the others.
 */
export function createAdmission(limits: AdmissionLimits): Admission {
  let requests = 0
  let deliveries = 0
  let bytes = 0
  return {
    enter() {
      let weight = 0
      let begun = 0
      let inside = 1
      requests += 1
      return {
        weigh(more) {
          weight += more
          bytes += more
          return bytes <= limits.bytes
        },
        begin() {
          if (deliveries >= limits.deliveries) return false
          begun = 1
          deliveries += 1
          return true
        },
        leave() {
          requests -= inside
          deliveries -= begun
          bytes -= weight
          inside = begun = weight = 0
        },
      }
    },
    get requests() {
      return requests
    },
    get bytes() {
      return bytes
    },
  }
}
