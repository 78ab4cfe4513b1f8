using Microsoft.OpenApi;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Tree;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Storage;
using Answers = Microsoft.AspNetCore.Http.HttpResults;

namespace SpendGuard.Sidecar.Control.Approvals;

/// <summary>The routes that list requests for approval, and answer them. None is for an agent.</summary>
internal static class ApprovalEndpoints
{
    public static void MapApprovals(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/approvals", async (string? state, string? after, string? limit, HttpContext context, Admission caller, ApprovalLinks links) =>
            TypedResults.Json(await ReadPageAsync(caller.Engine, links, state, after, limit, context.RequestAborted), ControlJson.Default.ApprovalList))
            .Produces<ApprovalList>()
            .DescribePage("The id of the last request that is known already.", new OpenApiSchema { Type = JsonSchemaType.String })
            .Allow(AccessRule.Admin);

        routes.MapGet("/v1/approvals/{approval}", async (string approval, HttpContext context, Admission caller, ApprovalLinks links) =>
            Answer(await RequireAsync(caller.Engine, approval, context.RequestAborted), links)).Produces<ApprovalBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/approvals/{approval}/approve", async (string approval, HttpContext context, Admission caller, SidecarSettings settings, ApprovalLinks links) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var (add, lasting) = RaiseRequest.Read(body.RootElement);
            return Answer(
                await caller.Engine.ApproveAsync(Id(approval), add, lasting, NodeChange.ReasonOf(body.RootElement), caller.By, context.RequestAborted), links);
        }).Accepts<ApproveRequest>("application/json").Produces<ApprovalBody>().Allow(AccessRule.Admin);

        routes.MapPost("/v1/approvals/{approval}/deny", async (string approval, HttpContext context, Admission caller, SidecarSettings settings, ApprovalLinks links) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            return Answer(await caller.Engine.DenyAsync(Id(approval), NodeChange.ReasonOf(body.RootElement), caller.By, context.RequestAborted), links);
        }).Accepts<DenyRequest>("application/json").Produces<ApprovalBody>().Allow(AccessRule.Admin);
    }

    /// <summary>The id in a route. What cannot be an id names no request.</summary>
    internal static ApprovalId Id(string approval)
    {
        try
        {
            return new ApprovalId(approval);
        }
        catch (ArgumentException)
        {
            throw NotFound.Approval(approval);
        }
    }

    internal static async Task<Approval> RequireAsync(SpendGuardEngine engine, string approval, CancellationToken cancellationToken) =>
        await engine.FindApprovalAsync(Id(approval), cancellationToken) ?? throw NotFound.Approval(approval);

    private static async Task<ApprovalList> ReadPageAsync(
        SpendGuardEngine engine, ApprovalLinks links, string? state, string? after, string? limit, CancellationToken cancellationToken)
    {
        var most = PageQuery.Limit(limit);
        var before = string.IsNullOrEmpty(after) ? null : await RequireAsync(engine, after, cancellationToken);
        var approvals = new List<ApprovalBody>();
        await foreach (var approval in engine.ListApprovalsAsync(State(state), before, cancellationToken))
        {
            if (approvals.Count == most)
            {
                return new ApprovalList(approvals, approvals[^1].ApprovalId, HasMore: true);
            }

            approvals.Add(ApprovalBody.Of(approval, links));
        }

        return new ApprovalList(approvals, approvals.Count > 0 ? approvals[^1].ApprovalId : after, HasMore: false);
    }

    private static ApprovalState? State(string? state)
    {
        try
        {
            return string.IsNullOrEmpty(state) ? null : StoredNames.ToApprovalState(state);
        }
        catch (FormatException)
        {
            throw new BadRequestException("'state' has to be 'pending', 'approved', 'denied', 'over' or 'ended'.");
        }
    }

    private static Answers.JsonHttpResult<ApprovalBody> Answer(Approval approval, ApprovalLinks links) =>
        TypedResults.Json(ApprovalBody.Of(approval, links), ControlJson.Default.ApprovalBody);
}
