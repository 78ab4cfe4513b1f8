using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Whose error envelope refusals stand in on a route that has no dialect.</summary>
/// <param name="Of">Whose clients a request is from.</param>
internal sealed record ErrorEnvelope(Func<HttpRequest, IWing> Of);
