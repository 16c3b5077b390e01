/** The domain in what somebody typed or pasted: a domain, an address, a link. */
export const domainIn = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/^.*@/, "")
    .replace(/[/?#].*$/, "")
    .replace(/\.$/, "");

/** At least two labels, of what a DNS name may have; the server is the judge of the rest. */
export const isDomain = (text: string): boolean => /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(text);

/** A record's name as forms want it that add the domain by themselves. */
export const shortName = (name: string, domain: string): string =>
  name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
