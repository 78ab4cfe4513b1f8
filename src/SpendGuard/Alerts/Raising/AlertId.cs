using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.Alerts;

/// <summary>Names an alert by what it tells of, so that the same is not told twice.</summary>
internal static class AlertId
{
    private const int Bytes = 16;

    /// <param name="kind">The kind.</param>
    /// <param name="parts">What tells it from others of the kind. None has a control character in it.</param>
    public static string Of(AlertKind kind, params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder(AlertJson.TypeOf(kind));
        foreach (var part in parts)
        {
            text.Append('\n').Append(part);
        }

        return "evt_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, Bytes));
    }
}
