using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;

namespace SpendGuard.StressChild;

/// <summary>What a person might run under a budget: it knows nothing but what its environment says, and tells what it sees.</summary>
internal static class GuardedProgram
{
    public static async Task<int> RunAsync(Queue<string> actions)
    {
        using var model = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        while (actions.TryDequeue(out var action))
        {
            switch (action)
            {
                case "chat":
                    for (var call = int.Parse(actions.Dequeue()); call > 0; call--)
                    {
                        Say((await ChatAsync(model)).ToString());
                    }

                    break;

                case "chat-until-refused":
                    var calls = 1;
                    int status;
                    while ((status = await ChatAsync(model)) == 200)
                    {
                        calls++;
                    }

                    Say($"{status} at call {calls}");
                    break;

                case "chat-as":
                    var other = actions.Dequeue();
                    model.DefaultRequestHeaders.Add("x-cynsta-agent-id", other);
                    model.DefaultRequestHeaders.Add("x-spendguard-agent-id", other);
                    model.DefaultRequestHeaders.Add("x-cynsta-run-id", other);
                    model.DefaultRequestHeaders.Add("x-spendguard-run-id", other);
                    Say((await ChatAsync(model)).ToString());
                    break;

                case "chat-with":
                    Say((await ChatAsync(model, key: actions.Dequeue())).ToString());
                    break;

                case "chat-at-once":
                    Say(string.Join(' ', await Task.WhenAll(Enumerable.Range(0, int.Parse(actions.Dequeue())).Select(_ => ChatAsync(model)))));
                    break;

                case "variables-with":
                    var part = actions.Dequeue();
                    Say("variables: " + string.Join(' ', Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                        .Where(variable => ((string)variable.Value!).Contains(part, StringComparison.Ordinal)).Select(variable => variable.Key)));
                    break;

                case "post":
                    Say($"{await PostAsync(model, Variable("SPENDGUARD_RUN_URL") + actions.Dequeue(), "{}")}");
                    break;

                case "arguments":
                    Say(string.Join('|', actions));
                    actions.Clear();
                    break;

                case "hang":
                    Say("hangs");
                    await Task.Delay(Timeout.Infinite);
                    break;

                case "end-on":
                    return EndOn(actions.Dequeue() == "INT" ? PosixSignal.SIGINT : PosixSignal.SIGTERM, int.Parse(actions.Dequeue()));

                case "exit":
                    return int.Parse(actions.Dequeue());

                default:
                    Say($"no such action: {action}");
                    return 2;
            }
        }

        return 0;
    }

    private static int EndOn(PosixSignal signal, int exitCode)
    {
        using var got = new ManualResetEventSlim();
        using var registration = PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            got.Set();
        });
        Say("waits");
        got.Wait();
        Say($"got {signal}");
        return exitCode;
    }

    private static Task<int> ChatAsync(HttpClient model, string? key = null) => PostAsync(
        model,
        Variable("OPENAI_BASE_URL") + "/chat/completions",
        """{"model":"gpt-4o-mini","max_tokens":1000,"messages":[{"role":"user","content":"Hello"}]}""",
        key);

    private static async Task<int> PostAsync(HttpClient model, string address, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Variable("OPENAI_API_KEY"));
        using var response = await model.SendAsync(request);
        await response.Content.ReadAsStringAsync();
        return (int)response.StatusCode;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
