using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>The key that a request carries, wherever the SDK in use puts it.</summary>
internal static class PresentedKey
{
    /// <summary>The headers that SDKs put a key in, in the order in which they are looked at.</summary>
    public static IReadOnlyList<KeyHeader> Headers { get; } =
        [.. Wings.All.Select(wing => wing.KeyHeader).Prepend(KeyHeader.Bearer).Prepend(new KeyHeader("x-api-key")).Distinct()];

    /// <summary>The key, or null when there is none.</summary>
    public static string? Of(HttpContext context) =>
        Headers.Select(header => header.Read(context.Request.Headers)).FirstOrDefault(key => key is not null);

    public static BadRequestException Missing() => new(
        "Missing API key. Send it as 'x-api-key' or as 'Authorization: Bearer'.", StatusCodes.Status401Unauthorized);

    /// <summary>One sentence for every key that does not open: which keys there are, or were, is nobody's business.</summary>
    public static BadRequestException Invalid() => new("Invalid API key.", StatusCodes.Status401Unauthorized);
}
