using System.Reflection;

namespace SpendGuard.Sidecar.Access;

/// <summary>A request that may go on: whose budgets it works with.</summary>
/// <param name="Engine">The engine of the caller's organisation; it knows no other's agents.</param>
/// <param name="Agent">Whose key the request carries; null when it carries none of an agent's.</param>
/// <param name="By">Who asks, for the ledger: the name or the id of the key.</param>
internal sealed record Admission(SpendGuardEngine Engine, AgentId? Agent = null, string By = Admission.Local)
{
    /// <summary>Who asks on one machine without a key.</summary>
    public const string Local = "local";

    /// <summary>Who asks there with the admin key, which has no name.</summary>
    public const string AdminKey = "admin key";

    /// <exception cref="InvalidOperationException">The request has not been admitted.</exception>
    public static Admission Of(HttpContext context) => context.Features.Get<Admission>()
        ?? throw new InvalidOperationException("The request reached its route without having been admitted.");

    /// <summary>Hands it to a route that asks for it.</summary>
    public static ValueTask<Admission?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Admission?>(Of(context));
}
