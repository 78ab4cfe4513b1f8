using System.Net.Http.Headers;

namespace SpendGuard.Sidecar.Providers;

/// <summary>A header that keys are sent in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scheme">The word before the key; null for none.</param>
internal sealed record KeyHeader(string Name, string? Scheme = null)
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    public static KeyHeader Bearer { get; } = new("Authorization", "Bearer");

    /// <summary>The keys in a caller's headers.</summary>
    public IEnumerable<string> ReadAll(IHeaderDictionary headers) => headers[Name].OfType<string>()
        .Where(value => Scheme is null || value.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase))
        .Select(value => value[(Scheme is null ? 0 : Scheme.Length + 1)..].Trim())
        .Where(key => key.Length > 0);

    /// <summary>Adds a provider's key to a request.</summary>
    public void Write(HttpRequestHeaders headers, string key)
    {
        if (Scheme is null)
        {
            headers.TryAddWithoutValidation(Name, key);
        }
        else
        {
            headers.Authorization = new AuthenticationHeaderValue(Scheme, key);
        }
    }
}
