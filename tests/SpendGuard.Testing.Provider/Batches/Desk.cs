using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Batches;

/// <summary>What the routes of batches and of their files have in common.</summary>
internal abstract class Desk(SimulatedProvider provider, CallBook book, CancellationToken stopping)
{
    protected SimulatedProvider Provider => provider;

    protected CallBook Book => book;

    /// <summary>An error as the vendor writes it.</summary>
    protected abstract JsonObject Error(int status, string message, string? param = null, string? code = null);

    /// <summary>Takes what a client sends to be kept, as the behaviour has it: what fails and is billed all the same is kept all the same.</summary>
    /// <param name="context">The call.</param>
    /// <param name="made">What the client sent.</param>
    /// <param name="read">What is to be kept of it.</param>
    /// <param name="keep">Keeps it.</param>
    /// <param name="tell">What the client is told of it.</param>
    protected async Task TakeAsync<T>(HttpContext context, SimulatedRequest made, Func<T> read, Action<T> keep, Func<T, JsonObject> tell)
    {
        try
        {
            var taken = read();
            await provider.ArrivedAsync(made);
            var behaviour = provider.BehaviourFor(made);
            var told = tell(taken);
            if (behaviour.FailWithStatus is null || behaviour.BillFailures)
            {
                keep(taken);
            }

            if (behaviour.Hang)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
                await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (behaviour.Hang || behaviour.CutBeforeHeaders)
            {
                context.Abort();
                return;
            }

            var status = behaviour.FailWithStatus ?? StatusCodes.Status200OK;
            book.Update(made.CallId, call => call with { Status = status, Finished = true });
            await SendAsync(
                context,
                status,
                behaviour.FailWithStatus is null ? told
                    : behaviour.FailWithBody is { } error ? JsonNode.Parse(error)!.AsObject()
                    : Error(status, $"The simulated provider was told to answer {status}."));
        }
        catch (RejectedRequestException rejected)
        {
            await SendAsync(context, rejected.Status, Error(rejected.Status, rejected.Message, rejected.Param, rejected.Code));
        }
    }

    /// <summary>Sends results, as the test has them sent.</summary>
    protected async Task SendResultsAsync(HttpContext context, SimulatedBatches batches, string type, IReadOnlyList<string> results)
    {
        context.Response.ContentType = type;
        var bytes = Encoding.UTF8.GetBytes(string.Concat(batches.Lines?.Invoke(results) ?? results));
        var sent = Math.Min(bytes.Length, batches.CutResultsAfter ?? bytes.Length);
        var first = sent == bytes.Length ? Math.Max(0, sent - 1) : sent;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, first), CancellationToken.None);
        await context.Response.Body.FlushAsync(CancellationToken.None);
        await batches.BeforeTheLastByte.WaitAsync(stopping);
        if (sent < bytes.Length)
        {
            throw new ConnectionCutException();
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(first), CancellationToken.None);
    }

    protected static Task SendAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), CancellationToken.None);
    }
}
