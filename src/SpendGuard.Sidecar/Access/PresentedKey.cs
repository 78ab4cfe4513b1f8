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

    /// <param name="more">What else there is to say; null for nothing.</param>
    public static BadRequestException Missing(string? more = null) => Refused("Missing API key. Send it as 'x-api-key' or as 'Authorization: Bearer'.", more);

    /// <summary>One sentence for every key that does not open: which keys there are, or were, is nobody's business.</summary>
    /// <param name="more">What else there is to say; null for nothing.</param>
    public static BadRequestException Invalid(string? more = null) => Refused("Invalid API key.", more);

    private static BadRequestException Refused(string sentence, string? more) => new(sentence, StatusCodes.Status401Unauthorized)
    {
        Told = more is null ? null : $"{sentence} {more}",
    };
}
