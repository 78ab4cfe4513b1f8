using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control.Approvals;

/// <summary>The page behind a link that approves. Opening it changes nothing, as mail programs and chats open links by themselves; its button does.</summary>
internal static class ApprovalLinkEndpoints
{
    private const string By = "signed link";

    /// <summary>Whoever has a link may use it: it is the key.</summary>
    public static void MapApprovalLinks(this IEndpointRouteBuilder routes, SidecarSettings settings)
    {
        if (settings.ApprovalLinkSecret is null)
        {
            return;
        }

        routes.MapGet("/v1/approvals/{approval}/link", async (string approval, HttpContext context, SpendGuardEngine engine, ApprovalLinks links) =>
        {
            var (asked, terms) = await OpenAsync(approval, context, engine, links);
            return terms is null ? ApprovalPage.NoLink
                : asked is { State: ApprovalState.Pending } ? ApprovalPage.Question(asked, terms)
                : ApprovalPage.Answered(asked!);
        }).WithMetadata(new PublicPage()).ExcludeFromDescription().Allow(AccessRule.Open);

        routes.MapPost("/v1/approvals/{approval}/link", async (string approval, HttpContext context, SpendGuardEngine engine, ApprovalLinks links) =>
        {
            var (asked, terms) = await OpenAsync(approval, context, engine, links);
            if (terms is null || asked is not { State: ApprovalState.Pending })
            {
                return terms is null ? ApprovalPage.NoLink : ApprovalPage.Answered(asked!);
            }

            try
            {
                return ApprovalPage.Answered(await engine.ApproveAsync(asked.Id, terms.Add, terms.Lasting, reason: null, By, context.RequestAborted));
            }
            catch (ApprovalOverException over)
            {
                return ApprovalPage.Answered(over.Approval);
            }
        }).WithMetadata(new PublicPage()).ExcludeFromDescription().Allow(AccessRule.Open);
    }

    private static async Task<(Approval? Asked, LinkTerms? Terms)> OpenAsync(string approval, HttpContext context, SpendGuardEngine engine, ApprovalLinks links)
    {
        var id = ApprovalEndpoints.Id(approval);
        var terms = links.Open(id, context.Request.Query);
        var asked = terms is null ? null : await engine.FindApprovalAsync(id, context.RequestAborted);
        return (asked, asked is null ? null : terms);
    }
}
