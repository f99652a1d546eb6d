// A certified OpenID Connect provider (npm oidc-provider) for the tests: any name signs in, with any password.
// Usage: node provider.mjs OPTIONS, which are JSON: library, port, client, people.

import { pathToFileURL } from "node:url";

const options = JSON.parse(process.argv[2]);
const { Provider } = await import(pathToFileURL(options.library).href);
const issuer = `http://127.0.0.1:${options.port}`;

const provider = new Provider(issuer, {
  clients: [options.client],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name", "groups"] },
  // By the standard a code flow's ID token tells the subject alone, and the rest is user info.
  conformIdTokenClaims: options.conform,
  cookies: { keys: ["for tests"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...options.people[id] }),
  }),
});

provider.listen(options.port, "127.0.0.1", () => console.log(`listening at ${issuer}`));
