using SpendGuard.Keys;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>The key that a request carries, wherever the SDK in use puts it.</summary>
internal static class PresentedKey
{
    /// <summary>The headers that SDKs put a key in, in the order in which they are looked at; the last is that of clients of hosted deployments.</summary>
    public static IReadOnlyList<KeyHeader> Headers { get; } =
        [.. Wings.All.Select(wing => wing.KeyHeader).Prepend(KeyHeader.Bearer).Prepend(new KeyHeader("x-api-key")).Append(new KeyHeader("api-key")).Distinct()];

    /// <summary>The part of the query that SDKs put a key in.</summary>
    private const string Query = "key";

    /// <summary>Every key that a request carries, once.</summary>
    public static IReadOnlyList<string> All(HttpContext context) =>
    [
        .. Headers.SelectMany(header => header.ReadAll(context.Request.Headers))
            .Concat(context.Request.Headers.Authorization.OfType<string>().Select(static value => value.Trim()).Where(ApiKeySecret.IsMeant))
            .Concat(context.Request.Query[Query].OfType<string>().Where(key => key.Length > 0))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The key of SpendGuard's among those that a request carries, which may not be in force; null when there is none.</summary>
    /// <exception cref="BadRequestException">There are several.</exception>
    public static string? Own(IReadOnlyList<string> keys)
    {
        var own = keys.Where(ApiKeySecret.IsMeant).ToList();
        return own.Count > 1 ? throw Refused("The request carries several API keys. Send one.", more: null) : own.FirstOrDefault();
    }

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
