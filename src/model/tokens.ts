/** What a token may do: `admin` everything, `read` look at everything and change nothing. */
export const TOKEN_ROLES = ['admin', 'read'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

export interface TokenInput {
  /** 1 to 64 letters, digits, dots, dashes and underscores; it names the caller in the audit log. */
  readonly name: string;
  readonly role: TokenRole;
}

/** A token as it is listed: everything but the secret, which nobody has but its owner. */
export interface TokenInfo extends TokenInput {
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** The answer to the creation of a token, the only one that holds the secret. */
export interface NewToken extends TokenInfo {
  readonly token: string;
}
