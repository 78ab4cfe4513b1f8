using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.Alerts.Webhooks;

/// <summary>What a webhook's requests are signed with, which its receiver knows too: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
/// <remarks>It prints without its bytes, so that it gets into no log by accident.</remarks>
[Experimental(ApiTier.Adapters)]
public sealed class WebhookSecret
{
    private const string Mark = "whsec_";
    private const int Least = 24, Most = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Reads a secret.</summary>
    /// <param name="text">Its text.</param>
    /// <exception cref="FormatException">It has not the form. The message does not repeat it.</exception>
    public static WebhookSecret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var key = new byte[Most + 3];
        return text.StartsWith(Mark, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Mark.Length..], key, out var length) && length is >= Least and <= Most
            ? new WebhookSecret(key[..length])
            : throw new FormatException($"The secret of a webhook is '{Mark}' and {Least} to {Most} random bytes in base64, as from: echo whsec_$(openssl rand -base64 32)");
    }

    /// <summary>Not the secret.</summary>
    public override string ToString() => Mark + "…";

    /// <summary>Signs a request: <c>v1,</c> and the HMAC-SHA256 of its id, time and body in base64.</summary>
    internal string Sign(string id, long timestamp, ReadOnlySpan<byte> body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
}
