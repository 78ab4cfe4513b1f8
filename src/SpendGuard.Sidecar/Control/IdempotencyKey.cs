using System.Security.Cryptography;
using System.Text;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>The caller's key of a change: sent twice, the change takes effect once.</summary>
internal static class IdempotencyKey
{
    /// <summary>The key of a request; null when it has none.</summary>
    /// <exception cref="BadRequestException">It is no key.</exception>
    public static string? Of(HttpContext context) => context.Request.Headers["Idempotency-Key"].ToString() switch
    {
        "" => null,
        { Length: <= 200 } key when !key.Any(char.IsControl) => key,
        _ => throw new BadRequestException("The Idempotency-Key header has to be at most 200 visible characters."),
    };

    /// <summary>The id of the agent that is made under a key: a UUID of version 8, the same for the same key.</summary>
    public static AgentId IdOf(string key)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes("spendguard agent\n" + key)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new AgentId(new Guid(bytes, bigEndian: true).ToString());
    }
}
