using System.Globalization;
using System.Net;
using System.Text;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control.Approvals;

/// <summary>What a person sees behind a link: a question with one button, or what has become of it. It has no script, and shows nothing of others.</summary>
internal sealed class ApprovalPage(int status, string title, string text, string? button = null) : IResult
{
    public static ApprovalPage NoLink { get; } = new(
        StatusCodes.Status404NotFound, "This link does not work", "It has expired, or it is not complete. Nothing was changed. Ask for a new one, or approve with: spendguard approvals list");

    public static ApprovalPage Question(Approval approval, LinkTerms terms) => new(
        StatusCodes.Status200OK,
        $"{approval.Node} has run out of budget",
        $"Agent '{approval.Agent}' asked at {approval.AskedAt.UtcDateTime:u}{(approval.Model is null ? "" : $" for a call of {approval.Model}")}, and {approval.Need} was missing in the "
        + $"{approval.Limit} limit of '{approval.Node}'. Approve to add {terms.Add} to it for {Length(terms.Lasting)}. To deny it, or to give another amount: spendguard approvals",
        $"Add {terms.Add}");

    /// <summary>What has become of a request that does not wait any more.</summary>
    public static ApprovalPage Answered(Approval approval) => approval.State switch
    {
        ApprovalState.Approved => new(
            StatusCodes.Status200OK, "Approved", $"{approval.Added} was added to the {approval.Limit} limit of '{approval.Node}'{(approval.Until is { } until ? $" until {until.UtcDateTime:u}" : "")}."),
        ApprovalState.Ended => new(
            StatusCodes.Status200OK, "Ended", $"{approval.Added} was added to the {approval.Limit} limit of '{approval.Node}'. That has ended, or the limit was set anew since."),
        ApprovalState.Denied => Conflict("Denied", $"Somebody has denied this request{(approval.By is null ? "" : $": {approval.By}")}. Nothing was changed."),
        _ => Conflict(
            "This request is over",
            $"The {approval.Limit} limit of '{approval.Node}' was set anew or removed since, its window has ended, a newer request took its place, or '{approval.Node}' was deleted. Nothing was changed."),
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        response.Headers.XContentTypeOptions = "nosniff";

        // The address is the key: it is told to no other site.
        response.Headers["Referrer-Policy"] = "same-origin";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(Html()), httpContext.RequestAborted);
    }

    private static ApprovalPage Conflict(string title, string text) => new(StatusCodes.Status409Conflict, title, text);

    private string Html() => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{Encoded(title)}</title>
        <style>body{"{"}font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem{"}"}button{"{"}font:inherit;padding:.5rem 1.5rem{"}"}</style></head>
        <body><h1>{Encoded(title)}</h1><p>{Encoded(text)}</p>{(button is null ? "" : $"<form method=\"post\"><button>{Encoded(button)}</button></form>")}</body>
        </html>
        """;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static string Length(TimeSpan lasting) => lasting.TotalMinutes < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(lasting.TotalMinutes)):0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{lasting.TotalHours:0.#} h");
}
