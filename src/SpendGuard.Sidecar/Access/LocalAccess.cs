using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.Sidecar.Access;

/// <summary>On one machine: whoever can connect may spend; who may set budgets can be limited to those that have one key.</summary>
/// <param name="engine">The engine.</param>
/// <param name="adminKey">The key of the control routes; null to leave them to everyone.</param>
internal sealed class LocalAccess(SpendGuardEngine engine, string? adminKey) : IAccessControl
{
    private readonly Admission _admission = new(engine);
    private readonly byte[]? _hash = adminKey is null ? null : Hash(adminKey);

    public ValueTask<Admission> AdmitAsync(HttpContext context, AccessRule rule)
    {
        if (_hash is not null && rule is (AccessRule.Read or AccessRule.Admin))
        {
            var key = PresentedKey.Of(context) ?? throw PresentedKey.Missing();
            if (!CryptographicOperations.FixedTimeEquals(Hash(key), _hash))
            {
                throw PresentedKey.Invalid();
            }
        }

        return ValueTask.FromResult(_admission);
    }

    // Hashes have one length, so that the comparison takes one time.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
