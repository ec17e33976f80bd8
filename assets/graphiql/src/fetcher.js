// Sends what GraphiQL asks for to the address that the page came from.
const ENDPOINT = "/graphql";

export async function fetcher(request, { headers } = {}) {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      Accept: "application/graphql-response+json, application/json",
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `The server answered ${response.status}: ${text.slice(0, 1000)}` }] };
  }
}
