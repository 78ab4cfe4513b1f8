using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>Tells whether a caller may use a route.</summary>
internal interface IAccessControl
{
    /// <summary>Admits a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rule">The rule of its route.</param>
    /// <exception cref="BadRequestException">The caller may not, with 401 or 403.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be known; nobody is let in.</exception>
    ValueTask<Admission> AdmitAsync(HttpContext context, AccessRule rule);
}
