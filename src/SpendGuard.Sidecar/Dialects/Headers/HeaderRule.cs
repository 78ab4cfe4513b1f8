using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Headers;

/// <summary>A header of callers that goes on to a provider.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why it cannot move the bill, nor hide a part of it.</param>
internal sealed record HeaderRule(string Name, string Reason)
{
    /// <summary>What belongs to a connection, a body or a caller's key.</summary>
    private static readonly string[] NotGiven =
    [
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Accept-Encoding", "Cookie",
    ];

    private static readonly string[] NotGivenFamilies = ["Content-", "Proxy-", CallHeaders.Prefix, CallHeaders.CynstaPrefix];

    /// <summary>Whether the settings may have a header of this name go on.</summary>
    public static bool MayBeGiven(string name) =>
        name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        && !NotGiven.Contains(name, StringComparer.OrdinalIgnoreCase)
        && !PresentedKey.Headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        && !NotGivenFamilies.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase));

    /// <summary>The values that go on, in any case; empty for all.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether a value goes on. One that is not printable ASCII could not be sent, and would cost a call that was never made.</summary>
    public bool Takes(string? value) =>
        value is { Length: > 0 }
        && !value.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && (Values.Count == 0 || Values.Contains(value, StringComparer.OrdinalIgnoreCase));
}
