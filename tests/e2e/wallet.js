// A wallet as an extension puts it into a page: Wallet Standard events, and a key of WebCrypto.
// `will` is { name, jwk, address, ways, declines }.
(will) => {
  const icon = `data:image/svg+xml;base64,${btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#7a5af5"/></svg>',
  )}`;
  const bytesOf = (base64) =>
    Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (it) =>
      it.charCodeAt(0),
    );
  const account = {
    address: will.address,
    publicKey: bytesOf(will.jwk.x),
    chains: ["solana:mainnet"],
    features: will.ways,
  };
  const sign = async (bytes) => {
    if (will.declines) throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    const key = await crypto.subtle.importKey("jwk", will.jwk, "Ed25519", false, ["sign"]);
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key, bytes));
    return [{ account, signedMessage: bytes, signature }];
  };
  // Times without the zeros behind the second, and the chain by its short name: as some write them.
  const textOf = (asked) =>
    [
      `${asked.domain} wants you to sign in with your Solana account:\n${asked.address}`,
      asked.statement,
      [
        `URI: ${asked.uri}`,
        `Version: ${asked.version}`,
        `Chain ID: ${asked.chainId.replace("solana:", "")}`,
        `Nonce: ${asked.nonce}`,
        `Issued At: ${asked.issuedAt.replace(".000Z", "Z")}`,
        `Expiration Time: ${asked.expirationTime.replace(".000Z", "Z")}`,
      ].join("\n"),
    ].join("\n\n");
  const ways = {
    "solana:signIn": {
      version: "1.0.0",
      signIn: (asked) => sign(new TextEncoder().encode(textOf(asked))),
    },
    "solana:signMessage": { version: "1.1.0", signMessage: ({ message }) => sign(message) },
  };
  const wallet = {
    version: "1.0.0",
    name: will.name,
    icon,
    chains: ["solana:mainnet"],
    accounts: [],
    features: {
      "standard:connect": {
        version: "1.0.0",
        connect: async () => {
          wallet.accounts = [account];
          return { accounts: wallet.accounts };
        },
      },
      ...Object.fromEntries(will.ways.map((way) => [way, ways[way]])),
    },
  };
  const register = (api) => api.register(wallet);
  const event = new Event("wallet-standard:register-wallet");
  window.dispatchEvent(Object.assign(event, { detail: register }));
  window.addEventListener("wallet-standard:app-ready", ({ detail }) => register(detail));
};
