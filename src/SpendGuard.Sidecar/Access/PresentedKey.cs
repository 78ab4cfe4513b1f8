using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>The key that a request carries, wherever the SDK in use puts it.</summary>
internal static class PresentedKey
{
    private const string Bearer = "Bearer ";

    /// <summary>The key, or null when there is none.</summary>
    public static string? Of(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers["x-api-key"].ToString() is { Length: > 0 } key)
        {
            return key;
        }

        if (headers.Authorization.ToString() is { } authorization && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        return headers["x-goog-api-key"].ToString() is { Length: > 0 } google ? google : null;
    }

    public static BadRequestException Missing() => new(
        "Missing API key. Send it as 'x-api-key' or as 'Authorization: Bearer'.", StatusCodes.Status401Unauthorized);

    /// <summary>One sentence for every key that does not open: which keys there are, or were, is nobody's business.</summary>
    public static BadRequestException Invalid() => new("Invalid API key.", StatusCodes.Status401Unauthorized);
}
