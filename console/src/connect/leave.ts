/** Leaves the console for another page, in the same tab. */
export const leaveFor = (address: string) => window.location.assign(address);
