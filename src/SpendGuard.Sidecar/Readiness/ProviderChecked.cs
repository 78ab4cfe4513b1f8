using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>What a provider made of a free request with the key that is set.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Result">
/// <c>accepted</c>, <c>refused</c>, <c>reached</c> for one that needs no key, <c>unreachable</c>, <c>unclear</c> for any other answer, or <c>missing</c> where no
/// key is set, so that nothing was asked.
/// </param>
/// <param name="HttpStatus">What it answered with; null when it did not.</param>
/// <param name="Milliseconds">How long that took.</param>
/// <param name="Reason">Why no answer came; null when one did.</param>
internal sealed record ProviderChecked(
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("result")] string Result,
    [property: JsonPropertyName("http_status")] int? HttpStatus,
    [property: JsonPropertyName("milliseconds")] long Milliseconds,
    [property: JsonPropertyName("reason")] string? Reason)
{
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    public const string Reached = "reached";
    public const string Unreachable = "unreachable";
    public const string Unclear = "unclear";
    public const string Missing = "missing";
}
