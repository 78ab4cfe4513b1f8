using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>A large body takes many times its size while it is read: only for who has a budget.</summary>
internal static class LargeBody
{
    private const long Least = 1024 * 1024;

    /// <param name="context">The request.</param>
    /// <param name="caller">Who makes it.</param>
    /// <param name="whateverItsSize">Whether a small body leads to large ones.</param>
    /// <exception cref="BadRequestException">The body is large, or does not say how large it is, and the agent has no budget.</exception>
    public static async ValueTask RequireBudgetAsync(HttpContext context, Caller caller, bool whateverItsSize = false)
    {
        var engine = Admission.Of(context).Engine;
        if ((whateverItsSize || context.Request.ContentLength is null or > Least)
            && await engine.FindBudgetAsync(caller.Agent, context.RequestAborted) is null)
        {
            var path = await engine.FindPathAsync(caller.Agent, context.RequestAborted);
            if (path is not [{ Node.DeletedAt: null }, ..] || !path.Any(node => node.Limits.Count > 0))
            {
                throw NotFound.BudgetOfCall(caller.Agent, path);
            }
        }
    }
}
