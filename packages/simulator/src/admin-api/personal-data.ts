import { GraphQLError } from 'graphql'

/** What an app without access to protected customer data finds in personal fields. */
export type ProtectedData = 'shown' | 'null' | 'refused'

/** Passes a personal value on, or hides it as the app's access says. */
export type PersonalData = <T>(field: string, value: T) => T | null

export const personalData =
  (access: ProtectedData): PersonalData =>
  (field, value) => {
    if (access === 'shown') return value
    if (access === 'null') return null
    throw new GraphQLError(
      `This app is not approved to use the ${field} field. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.`,
    )
  }
