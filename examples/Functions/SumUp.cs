using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.AI;

namespace SpendGuard.Examples.Functions;

/// <summary>Sums a text up in a sentence.</summary>
public sealed class SumUp(IChatClient chat, SpendGuardEngine guard)
{
    /// <summary>Whose budget it is: the function's own, of a cent.</summary>
    public const string Agent = "sum-up";

    [Function("sum-up")]
    public async Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        await guard.SetBudgetAsync(Agent, Money.FromCents(1), idempotencyKey: "first", cancellationToken: cancellation);
        try
        {
            using var text = new StreamReader(request.Body);
            var answer = await chat.GetResponseAsync(
                $"Sum this up in a sentence: {await text.ReadToEndAsync(cancellation)}", new ChatOptions { MaxOutputTokens = 500 }, cancellation);
            return new OkObjectResult(answer.Text);
        }
        catch (BudgetRefusedException refusal)
        {
            // Azure's host has no exception handler to leave it to.
            return new ObjectResult(new ProblemDetails { Status = StatusCodes.Status402PaymentRequired, Title = "Refused by a budget", Detail = refusal.Message })
            {
                StatusCode = StatusCodes.Status402PaymentRequired,
            };
        }
    }
}
