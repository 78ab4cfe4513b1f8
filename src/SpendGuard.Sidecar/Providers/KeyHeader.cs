using System.Net.Http.Headers;

namespace SpendGuard.Sidecar.Providers;

/// <summary>A header that keys are sent in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scheme">The word before the key; null for none.</param>
internal sealed record KeyHeader(string Name, string? Scheme = null)
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    public static KeyHeader Bearer { get; } = new("Authorization", "Bearer");

    /// <summary>The key in a caller's headers; null when there is none.</summary>
    public string? Read(IHeaderDictionary headers)
    {
        var value = headers[Name].ToString();
        return Scheme is null ? (value.Length > 0 ? value : null)
            : value.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) ? value[(Scheme.Length + 1)..].Trim()
            : null;
    }

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
